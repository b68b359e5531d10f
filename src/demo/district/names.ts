/** Invented people: given and family names common in American schools, put together by chance, never a real person's record. */

export type Language = 'en' | 'es' | 'ar' | 'vi';

type Pool = { female: readonly string[]; male: readonly string[]; family: readonly string[] };

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const pools: Record<Language, Pool> = {
  en: {
    female: words(`Ada Amara Beatrice Brooke Caroline Chloe Dahlia Deja Eleanor Erin Faith Grace Hannah Hazel Imani Ivy Jada Josephine
      Kayla Keiko Leah Lydia Mabel Maya Mei Naomi Nia Olive Penelope Priya Quinn Rosalind Ruth Sadie Simone Tessa Violet Willa Yuna Zoe`),
    male: words(`Aaron Abel Arjun August Benjamin Calvin Caleb Darius Desmond Elijah Emmett Felix Gideon Grant Henry Hiro Isaac Jamal Jasper
      Joel Kofi Leo Levi Malik Miles Nathan Oscar Owen Percy Ravi Reuben Silas Simon Theo Terrence Tobias Wendell Wesley Xavier Zachary`),
    family: words(`Abbott Achebe Barnes Bennett Boone Brooks Carver Chen Coleman Cooper Dawson Dixon Ellison Fields Foster Gaines Hale Hayes
      Holloway Ito Jefferson Kapoor Kim Larkin Lowe Mensah Mercer Nakamura Okafor Osei Park Patel Porter Quick Reed Rhodes Sawyer Shah Sutton
      Tate Underwood Vance Walker Washington Whitaker Winslow Wong Yates Young`),
  },
  es: {
    female: words(`Alma Ana Andrea Camila Carmen Catalina Daniela Elena Esperanza Fernanda Gabriela Inés Isabel Jimena Lucía Luz Maite
      Mariana Marisol Noemí Paloma Pilar Renata Rocío Salma Sofía Valentina Ximena Yesenia Zulema`),
    male: words(`Adrián Alejandro Andrés Benito César Damián Diego Eduardo Emilio Esteban Fabián Gael Hugo Ignacio Iván Joaquín Julio
      Leonel Lorenzo Manuel Marco Mateo Nicolás Pablo Rafael Ramiro Santiago Saúl Tomás Vicente`),
    family: words(`Aguilar Alvarado Barrera Benítez Cabrera Campos Castañeda Cisneros Cordero Delgado Domínguez Escobar Espinoza Figueroa
      Fuentes Galindo Guerrero Ibarra Juárez Luna Maldonado Mejía Montoya Navarro Ochoa Palacios Peralta Quintero Rentería Salazar Solís
      Tapia Trujillo Valdez Vega Villanueva Zamora Zúñiga`),
  },
  ar: {
    female: words('Amal Amina Dalia Dina Farah Hala Hanan Huda Iman Jamila Khadija Layla Lina Maha Maryam Nadia Noor Rania Salma Yasmin'),
    male: words('Adel Ahmad Amir Bilal Faris Hadi Hamza Idris Ismail Jamil Kareem Khalid Mahmoud Nabil Omar Rami Samir Tariq Yusuf Ziad'),
    family: words(
      'Abbas Aziz Darwish Farouk Haddad Hakim Hassan Ibrahim Jaber Khalil Mansour Nasser Qasim Rahman Saleh Shaheen Suleiman Zaki',
    ),
  },
  vi: {
    female: words('An Bích Châu Diệp Giang Hạnh Hiền Hoa Hương Kim Lan Liên Linh Mai My Ngọc Nhung Phương Thảo Trang'),
    male: words('Anh Bảo Công Đạt Dũng Duy Hải Hiếu Huy Khang Khoa Long Minh Nam Phúc Quang Sơn Tài Thành Tuấn'),
    family: words('Bùi Đặng Đinh Đỗ Dương Hồ Hoàng Huỳnh Lê Lý Mai Ngô Nguyễn Phạm Phan Tạ Trần Trương Võ Vũ'),
  },
};

export const streets = words(`Alder Aspen Birch Brookside Cedar Clover Cottonwood Dogwood Elm Fern Foxglove Garden Hawthorn Heron Hickory
  Juniper Lark Laurel Linden Maple Meadow Millstone Orchard Pecan Prairie Quail Redbud Ridge Sparrow Spring Sycamore Thistle Valley Willow`);

const plainNames = new Map<string, string>();

/** For addresses and user names: `Zúñiga` → `zuniga`. There are a few hundred names and many bearers, so each is worked out once. */
export function plain(name: string): string {
  let found = plainNames.get(name);
  if (found === undefined) {
    const bare = name.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
    found = bare.replace(/đ/gi, 'd').toLowerCase();
    plainNames.set(name, found);
  }
  return found;
}
